//! Somebody who has lost everything and asks for new keys, as far as the first of two colleagues.

use client::{Account, Api, Invitation, Place};
use domain::id::StatementId;
use seal::random::System;
use url::Url;

use super::{Agency, During, Error, Letterbox, agreed, now};

impl Agency {
    /// Takes somebody through a new code, new words and the first coordinator's certificate, in a
    /// browser of their own: the old keys stay where they are. Gives that half.
    pub async fn ask_for_new_keys(
        &self,
        origin: &Url,
        letterbox: &Letterbox,
        name: &str,
        place: &Place,
    ) -> Result<StatementId, Error> {
        let keeper = &self.coordinators[0];
        let standing = letterbox.standing(keeper).await?;
        let card = agreed::card(agreed::first_name(name), place.role);
        let sheet = keeper.account.invite_member(&standing, place, &card, now(), &mut System).await;
        let sheet = sheet.during("printing a sheet")?;
        let api = Api::new(origin.clone());
        api.sign_in(name).await.during(name)?;
        let invitation = Invitation::look_up(&api, &sheet.code).await.during("the new code")?;
        api.renew(&invitation).await.during("going on with new keys")?;
        let made = Account::make(api, 4, &mut System).await;
        let (mut account, _) = made.during("making new keys")?;
        let enrolled = account.enrol(&invitation, &mut System).await.during("enrolling")?;
        let digits = (sheet.invite, enrolled.digits.as_str());
        let half = keeper.account.certify_again(&standing, place, digits, false, None).await;
        let half = half.during("certifying new keys")?;
        keeper.wait_for(half).await?;
        Ok(half)
    }
}
